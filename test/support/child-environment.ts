/** @file What processes of the library are told of the environment in tests: none of the settings of whoever runs them. */

/** With the compiled code where there is one (`npm test`): a process starts in half the time. */
export const CHILD_ENVIRONMENT = { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }
