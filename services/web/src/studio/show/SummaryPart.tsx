import type { Studio } from '../studio.ts';
import { SummaryPage } from './SummaryPage.tsx';
import type { Summary } from './summary.ts';

export function SummaryPart({ studio, summary }: { readonly studio: Studio; readonly summary: Summary }) {
  return <SummaryPage summary={summary} onAgain={() => studio.again()} />;
}
