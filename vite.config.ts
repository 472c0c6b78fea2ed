import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The page: built once, served alike by the browser host (http) and by Electron (app://), hence relative addresses. */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'es2023',
    // Data addresses for small files would need `font-src data:` in the page's policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
})
