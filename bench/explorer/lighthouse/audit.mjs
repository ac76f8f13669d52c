import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig } from 'lighthouse';

/*
 * Prints the scores of a page as JSON, a line for each run.
 *
 *   node audit.mjs CHROMIUM URL desktop|mobile RUNS
 */
const [chromePath, url, form, runs] = process.argv.slice(2);
const chrome = await launch({ chromePath, chromeFlags: ['--headless=new', '--no-sandbox'] });
for (let run = 0; run < Number(runs); run++) {
  const options = {
    port: chrome.port,
    logLevel: 'error',
    onlyCategories: ['performance', 'accessibility', 'best-practices'],
  };
  const { lhr } = await lighthouse(url, options, form === 'desktop' ? desktopConfig : undefined);
  const scores = Object.entries(lhr.categories).map(([name, { score }]) => [name, Math.round(score * 100)]);
  const lcpMs = lhr.audits['largest-contentful-paint'].numericValue;
  console.log(JSON.stringify({ ...Object.fromEntries(scores), lcpMs }));
}
chrome.kill();
