// The end of a program that made a mistake.
#ifndef TAPESTRY_FAILURE_H
#define TAPESTRY_FAILURE_H

// Writes the message to standard error and ends the process with status 1; with TAPESTRY_TRAP set it aborts, so that a
// debugger stops here.
_Noreturn void tp_die(const char *message);
#endif
