/** Loads the part that paints, which is not needed to see the first logs. */
export const loadPlot = () => import('./plot.tsx');
