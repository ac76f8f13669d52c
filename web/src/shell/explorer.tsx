import './explorer.css';
import { useEffect } from 'react';
import { currentCredential } from '../access/credentials.ts';
import { ClockNotice } from '../limits/clock-notice.tsx';
import { ConnectionNotice } from '../limits/connection-notice.tsx';
import { QuestionProvider } from '../state/question.tsx';
import { useUrlState } from '../state/url-state.ts';
import { PanelBoundary } from '../ui/panel-boundary.tsx';
import { Panels } from './panels.tsx';
import { TopBar } from './top-bar.tsx';
import { VIEW_LABELS } from './view-labels.ts';

/** The one screen of the page. */
export function Explorer() {
  const [{ view }] = useUrlState();
  const organization = currentCredential()?.organizationId;
  useEffect(() => {
    document.title = `${VIEW_LABELS[view]} · ${organization} · Relaylog`;
  }, [view, organization]);
  return (
    <div className="explorer">
      <TopBar />
      <ConnectionNotice />
      <ClockNotice />
      <PanelBoundary
        name="The explorer"
        resetKey={null}
        fallback={<div className="skeleton explorer-skeleton" />}
      >
        <QuestionProvider>
          <Panels />
        </QuestionProvider>
      </PanelBoundary>
    </div>
  );
}
