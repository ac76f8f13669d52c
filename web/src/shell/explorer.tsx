import './explorer.css';
import { useEffect } from 'react';
import { currentCredential, updateRetention } from '../access/credentials.ts';
import { QuestionProvider } from '../state/question.tsx';
import { useUrlState } from '../state/url-state.ts';
import { useViewer } from '../state/viewer.ts';
import { PanelBoundary } from '../ui/panel-boundary.tsx';
import { Panels } from './panels.tsx';
import { TopBar } from './top-bar.tsx';
import { VIEW_LABELS } from './view-labels.ts';

/** The plan can change while a tab is signed in. Nothing waits for it: the question has what was known at the sign-in. */
function PlanUpdate() {
  const retentionDays = useViewer().retentionDays ?? null;
  useEffect(() => {
    if (retentionDays !== currentCredential()?.retentionDays) updateRetention(retentionDays);
  }, [retentionDays]);
  return null;
}

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
      <PanelBoundary name={null} resetKey={null} fallback={null}>
        <PlanUpdate />
      </PanelBoundary>
      <QuestionProvider>
        <Panels />
      </QuestionProvider>
    </div>
  );
}
