import './log-detail.css';
import { useEffect, useRef } from 'react';
import { useUrlState } from '../state/url-state.ts';
import { useKeys } from '../table/use-keys.ts';
import { CloseIcon, LinkIcon } from '../ui/icons.tsx';
import { lazyPanel } from '../ui/lazy-panel.tsx';
import { PanelBoundary } from '../ui/panel-boundary.tsx';
import { CopyButton } from './copy-button.tsx';
import { takeDetailFocus } from './detail-focus.ts';

const LogDetailContent = lazyPanel(async () => (await import('./log-detail-content.tsx')).LogDetailContent);

/** One log, with the ways to link to it and to close it. */
export function LogDetail({ requestId }: { readonly requestId: string }) {
  const [, setState] = useUrlState();
  const section = useRef<HTMLElement>(null);
  const close = () => setState({ log: null });
  useKeys({ Escape: close });
  useEffect(() => {
    if (takeDetailFocus()) section.current?.focus();
  }, []);
  return (
    <section ref={section} className="log-detail" aria-label={`Request ${requestId}`} tabIndex={-1}>
      <div className="detail-bar">
        <span className="mono detail-id" title={requestId}>
          {requestId}
        </span>
        <CopyButton label="Copy link" icon={<LinkIcon />} text={linkToPage} />
        <button
          type="button"
          className="button quiet icon"
          aria-label="Close"
          title="Close (Esc)"
          onClick={close}
        >
          <CloseIcon />
        </button>
      </div>
      <PanelBoundary name="The request" resetKey={requestId} fallback={<DetailSkeleton />}>
        <LogDetailContent requestId={requestId} />
      </PanelBoundary>
    </section>
  );
}

/** The address of the page as it is now, with the log. */
const linkToPage = () => location.origin + location.pathname + location.search;

function DetailSkeleton() {
  return (
    <div className="detail-skeleton" role="status" aria-label="Loading the request">
      {[80, 50, 35, 100, 100, 100, 60].map((width, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
        <span key={index} className="skeleton" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
