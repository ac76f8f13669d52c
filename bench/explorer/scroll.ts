import type { CDPSession, Page } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
}

const CATEGORIES = ['disabled-by-default-devtools.timeline.frame', 'devtools.timeline.frame'];
/** Pixels, and pixels a second. */
const [DISTANCE, SPEED] = [12_000, 4_000];

/** Scrolls an element by the browser's own gesture and returns the share of frames that its trace says were dropped, 0 to 1. */
export async function droppedFrames(page: Page, selector: string, direction: 1 | -1): Promise<number> {
  const box = (await page.locator(selector).boundingBox())!;
  const cdp = await page.context().newCDPSession(page);
  const events = await traced(cdp, () =>
    cdp.send('Input.synthesizeScrollGesture', {
      x: box.x + box.width / 2,
      y: box.y + box.height / 2,
      yDistance: -direction * DISTANCE,
      speed: SPEED,
      gestureSourceType: 'mouse',
    }),
  );
  await cdp.detach();
  const count = (name: string) => events.filter((event) => event.name === name).length;
  return count('DroppedFrame') / count('BeginFrame');
}

async function traced(cdp: CDPSession, work: () => Promise<unknown>): Promise<readonly TraceEvent[]> {
  const events: TraceEvent[] = [];
  cdp.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  const ended = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve));
  await cdp.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: CATEGORIES },
  });
  await work();
  await cdp.send('Tracing.end');
  await ended;
  return events;
}
