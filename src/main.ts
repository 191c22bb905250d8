/** @file Where the program starts: once more in the same process where Node was not started as the library wants it. */
import { isStarted, startAgain } from './start-settings.ts'

if (!isStarted()) startAgain()
await import('./program.ts')
