/**
 * @file Settings of glibc’s malloc for processes that hold pictures and models. Pictures are megabytes that come and go: with few arenas, and
 * large blocks mapped and given back one by one (fixed thresholds; by default they grow and the memory stays), a process keeps what it uses
 * and little more. Read when a process starts; elsewhere than on glibc they mean nothing.
 */
export const NATIVE_HEAP = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '1048576', MALLOC_TRIM_THRESHOLD_: '1048576' } as const
