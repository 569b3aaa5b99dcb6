import { PageTitle } from '../components/PageTitle.tsx';

export function MePage() {
  return <PageTitle>Me</PageTitle>;
}
