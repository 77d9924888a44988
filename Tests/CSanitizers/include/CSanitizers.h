// Nothing to call: linking this library tells the sanitizers what to leave out.
