"""The wallboard (大屏): what everybody on the floor should see, live."""
