// The sizes at which a kernel takes another path: one list. Tests lower them for a scope, so that small tensors pass
// through blocks, parts and tasks.
#ifndef TAPESTRY_LIMITS_H
#define TAPESTRY_LIMITS_H
#include <stdbool.h>
#include <stdint.h>

// ROW(name, value, low, what it switches). `value` is what kernels use, and the most: buffers on the stack are that
// large. `low` is the smallest value that tests use; it equals `value` where sizes beyond are small anyway. Beyond its
// limit a size takes the longer path, unless the text says otherwise.
#define TP_LIMITS(ROW)                                                                                                 \
  ROW(flat, 1 << 10, 8, "pointwise: elements of contiguous operands that go to the loop at once, without a plan")      \
  ROW(grain_cheap, 64 << 10, 32, "pointwise: elements in a task of arithmetic; two tasks' worth go to the threads")    \
  ROW(grain_vector, 16 << 10, 32, "pointwise: the same for vector functions")                                          \
  ROW(grain_slow, 1 << 10, 32, "pointwise: the same for one element at a time")                                        \
  ROW(walk_block, 512, 13, "walk: elements that are packed at once from operands that are not in order")               \
  ROW(straighten, 16 << 10, 64, "walk: elements from which a transposed input is first copied with tiles")             \
  ROW(copy_bytes, 256 << 10, 256, "copy: bytes in a task")                                                             \
  ROW(transpose_side, 8, 2, "transposition: the shorter side from which tiles are used")                               \
  ROW(transpose_least, 1024, 32, "transposition: elements of a matrix from which tiles are used")                      \
  ROW(transpose_rows, 1024, 20, "transposition: rows in a block")                                                      \
  ROW(transpose_columns, 16, 16, "transposition: columns in a block")                                                  \
  ROW(transpose_alone, 64 << 10, 128, "transposition: elements on one thread")                                         \
  ROW(gather_alone, 32 << 10, 32, "gather, scatter: elements from which tasks divide the longest axis")                \
  ROW(gather_task, 32 << 10, 16, "gather, scatter: elements in a task")                                                \
  ROW(gather_columns, 64, 4, "scatter: steps of the divided axis that a task takes at least")                          \
  ROW(triangle_task, 32 << 10, 16, "triangle: elements in a task")                                                     \
  ROW(index_block, 256, 5, "checking indices: how many between two looks at the result")                               \
  ROW(span_alone, 20000, 16, "lines: work, about a nanosecond each, from which groups of lines go to the threads")     \
  ROW(scan_lanes, 256, 11, "scan: lines side by side in a block")                                                      \
  ROW(scan_task, 16 << 10, 16, "scan: elements in a task")                                                             \
  ROW(softmax_strip, 256, 11, "softmax: lines side by side in a strip")                                                \
  ROW(softmax_task, 16 << 10, 16, "softmax: elements in a task")                                                       \
  ROW(sum_terms, 64, 2,                                                                                                \
      "softmax, layer norm: terms that a lane sums before they are added in float64 or to the total")                  \
  ROW(norm_task, 16 << 10, 16, "layer norm: elements in a task")                                                       \
  ROW(norm_chunk, 8 << 10, 24, "layer norm's gradient: elements in a chunk of rows")                                   \
  ROW(norm_chunks, 32, 3, "layer norm's gradient: chunks with sums of their own")                                      \
  ROW(reduce_one, 64 << 10, 8, "reduction: elements of one contiguous row that is summed without a plan")              \
  ROW(reduce_tile, 1024, 11, "reduction: neighboring columns in a cell")                                              \
  ROW(arg_tile, 128, 11, "argmax: neighboring columns in a cell")                                                     \
  ROW(reduce_alone, 64 << 10, 48, "reduction: elements beyond which few outputs are computed in parts")                \
  ROW(reduce_part, 32 << 10, 16, "reduction: elements in a part")                                                      \
  ROW(reduce_parts, 64, 5, "reduction: cells times parts")                                                             \
  ROW(reduce_sums, 16 << 10, 33, "reduction: sums that the parts of a cell may take")                                  \
  ROW(reduce_task, 16 << 10, 16, "reduction: elements in a task")                                                      \
  ROW(random_blocks, 512, 2, "random: blocks of 32 or 64 elements in a task")                                          \
  ROW(random_costly, 128, 2, "random: the same for normal numbers")                                                    \
  ROW(step_chunk, 32 << 10, 32, "optimizers: elements in a chunk, over the ends of parameters")                        \
  ROW(clip_stack, 64, 3, "gradient norms: chunks whose sums stay on the stack")                                        \
  ROW(gemm_alone, 512 << 10, 512, "products: cost on one thread; batches and tasks follow from it")                    \
  ROW(gemm_kc, 384, 5, "products: k in a part when b is read in place")                                                \
  ROW(gemm_kc_packed, 1024, 7, "products: k in a part when b is packed")                                               \
  ROW(gemm_mc, 256, 13, "products: rows in a block; fewer where the second-level cache is small")                      \
  ROW(gemm_pack_b, 256, 16, "products: rows beyond which b is packed")                                                 \
  ROW(gemm_pack_a, 8, 2, "products: panels from which a transposed a is packed")                                       \
  ROW(gemm_by_rows, 8 << 10, 64, "products: elements of b up to which c is written by rows, not by panels")            \
  ROW(gemm_pack_rows, 32, 3, "products: rows of b that a task packs")                                                  \
  ROW(gemm_columns, 12288, 40, "products: columns of b packed at once")                                                \
  ROW(gemm_slab, 4 << 20, 256, "products: elements of b packed at once")                                               \
  ROW(gemm_tasks, 16, 3, "products: tasks for the threads")                                                            \
  ROW(gemm_batch, 16, 3, "products: how many of a batch from which each is one task's own")                            \
  ROW(gemm_tiny, 8, 2, "products: the largest size of those of a batch that need no tiles")                            \
  ROW(gemm_split, 16 << 10, 200, "products: elements of c up to which a long k is split")                              \
  ROW(gemm_split_k, 2048, 16, "products: the k from which it is split")                                                \
  ROW(gemm_split_part, 512, 4, "products: k in a part of a split")                                                     \
  ROW(gemm_split_parts, 16, 3, "products: parts of a split")                                                           \
  ROW(gemm_thin, 4, 4, "products: columns up to which a product is seen from the other side")                          \
  ROW(gemm_thin_k, 32, 4, "products: the k from which thin ones are")                                                  \
  ROW(gemm_dots_rows, 8, 8, "products: rows up to which a b in columns is read by dot products")                       \
  ROW(gemm_dots_k, 128, 4, "products: the k from which it is; a quarter for up to three rows")                         \
  ROW(gemm_stream_rows, 4, 4, "products: rows up to which a b in rows is streamed")                                    \
  ROW(gemm_stream_n, 64, 4, "products: the columns from which it is")                                                  \
  ROW(gemm_stream_k, 16, 2, "products: the k from which it is")                                                        \
  ROW(gemm_stream_block, 512, 20, "products: columns streamed at once")                                                \
  ROW(gemm_stream_unit, 64, 8, "products: columns of which tasks take multiples when streaming")                       \
  ROW(pool_slots, 16, 1, "threads: callers that share the pool at once; the next works alone")                         \
  ROW(dry_small, 4096, 16, "dry runs: elements up to which constants are computed")                                    \
  ROW(memory_huge, 4 << 20, 1 << 20, "memory: bytes from which a block lies in huge pages")                            \
  ROW(memory_keep, 256 << 20, 1 << 20, "memory: bytes kept for reuse, unless more was alive at once")

#define TP_LIMIT_ROW(name, value, low, what) TP_LIMIT_##name,
enum { TP_LIMITS(TP_LIMIT_ROW) TP_LIMIT_COUNT };
#undef TP_LIMIT_ROW

// `tally`, if not null, counts decisions: [2·limit] of sizes up to it, [2·limit + 1] beyond. `backwards`: the tasks of
// a parallel call run on its thread alone, the last first; tasks that touch each other's results then give other ones,
// every time.
typedef struct tp_limits {
  int64_t at[TP_LIMIT_COUNT];
  int64_t *tally;
  bool backwards;
} tp_limits;

typedef struct tp_limit_row {
  const char *name;
  int64_t value, low;
  const char *what;
} tp_limit_row;

tp_limit_row tp_limit(int which);
extern const tp_limits tp_standard_limits;

// What the calling thread, and the tasks that it starts, go by. Whoever sets them keeps them alive and puts the ones
// before back.
const tp_limits *tp_current_limits(void);
void tp_use_limits(const tp_limits *limits);
#endif
