import { PageTitle } from '../components/PageTitle.tsx';
import { WordsPage } from '../components/WordsPage.tsx';

/** Also what a room that never was, or that may not be known, looks like from here. */
export function NotFound() {
  return (
    <WordsPage>
      <PageTitle>There is nothing here</PageTitle>
      <p>
        The address may have a letter too many or too few, or what was here is gone. Addresses of rooms end in
        characters that nobody can guess, so every one of them counts.
      </p>
    </WordsPage>
  );
}
