import { PageTitle } from '../components/PageTitle.tsx';
import { BackupSection, type BackupSectionProps } from './BackupSection.tsx';
import { DisappearSection, type DisappearSectionProps } from './DisappearSection.tsx';
import { GoneScreen } from './GoneScreen.tsx';
import { KnowsSection } from './KnowsSection.tsx';
import styles from './MeScreen.module.css';
import { NamesSection, type NamesSectionProps } from './NamesSection.tsx';
import { PreferencesSection, type PreferencesSectionProps } from './PreferencesSection.tsx';

export interface MeScreenProps {
  readonly names: NamesSectionProps;
  readonly backup: BackupSectionProps;
  readonly preferences: PreferencesSectionProps;
  readonly publicKey: string | undefined;
  readonly disappear: DisappearSectionProps;
}

export function MeScreen({ names, backup, preferences, publicKey, disappear }: MeScreenProps) {
  if (disappear.view.is === 'gone') return <GoneScreen />;
  return (
    <div className={styles.page}>
      <PageTitle>Me</PageTitle>
      <NamesSection {...names} />
      <BackupSection {...backup} />
      <PreferencesSection {...preferences} />
      <KnowsSection publicKey={publicKey} />
      <DisappearSection {...disappear} />
    </div>
  );
}
