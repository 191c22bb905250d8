/**
 * @file The only place that imports sharp, set up for files from strangers: every libvips loader is blocked but the few
 * behind our formats (no SVG, PDF, OpenSlide, MATLAB, ImageMagick…), nothing is cached, one thread per picture.
 */
import sharp from 'sharp'

sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: [
    'VipsForeignLoadJpeg',
    'VipsForeignLoadPng',
    'VipsForeignLoadWebp',
    'VipsForeignLoadTiff',
    'VipsForeignLoadNsgif',
    'VipsForeignLoadHeif',
  ],
})
// originals are decoded once: a cache only keeps memory
sharp.cache(false)
// steps of several photos run side by side; more threads per picture only compete (8 thumbnails: 185 ms so, slower otherwise)
sharp.concurrency(1)

export { sharp }
