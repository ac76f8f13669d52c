/** Loads the part that paints, which is not needed to see the first logs. */
export const loadPlot = async () => (await import('./plot.tsx')).Plot;
