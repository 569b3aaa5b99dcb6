import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runToEnd } from '@nightjar/testkit/kubernetes/run';
import { findEngine } from '@nightjar/testkit/servers/engines';
import { readYaml } from './render.ts';

interface Accepted {
  readonly check: string;
  readonly what: string;
  /** A pattern of the resources that it is accepted for; without one, all. */
  readonly where?: string;
  readonly reason: string;
}

interface Finding {
  readonly check_id: string;
  readonly check_name: string;
  readonly resource: string;
  readonly file_path: string;
}

interface Report {
  readonly summary: {
    readonly passed: number;
    readonly parsing_errors: number;
    readonly resource_count: number;
  };
  readonly results: { readonly failed_checks: readonly Finding[] };
}

export interface Judgement {
  readonly passed: number;
  readonly accepted: number;
  readonly faults: readonly string[];
}

/** Checkov's findings in these manifests, but for those that accepted-findings.yaml has a reason for. It asks nobody. */
export async function judgeByCheckov(manifests: Readonly<Record<string, string>>): Promise<Judgement> {
  const accepted = (await readYaml(path.join(import.meta.dirname, 'accepted-findings.yaml'))) as Accepted[];
  const report = await runCheckov(manifests);
  const { summary, results } = report;
  const faults = summary.parsing_errors > 0 ? [`Checkov cannot read ${summary.parsing_errors} files`] : [];
  const needed = new Set<Accepted>();
  for (const finding of results.failed_checks) {
    const reason = accepted.find(
      ({ check, where }) =>
        check === finding.check_id && (!where || new RegExp(where).test(finding.resource)),
    );
    if (reason) needed.add(reason);
    else
      faults.push(
        `${finding.file_path} ${finding.resource}: ${finding.check_name} (${finding.check_id}), and accepted-findings.yaml has no reason for it`,
      );
  }
  for (const each of accepted)
    if (!needed.has(each))
      faults.push(`accepted-findings.yaml: nothing is found for ${each.check} (${each.what})`);
  return { passed: summary.passed, accepted: results.failed_checks.length - faults.length, faults };
}

async function runCheckov(manifests: Readonly<Record<string, string>>): Promise<Report> {
  const { program } = await findEngine('checkov');
  const folder = await mkdtemp(path.join(tmpdir(), 'nightjar-checkov-'));
  try {
    for (const [name, text] of Object.entries(manifests))
      await writeFile(path.join(folder, `${name}.yaml`), text);
    const args = ['--directory', folder, '--framework', 'kubernetes', '--output', 'json'];
    // It would ask its maker's server for links to explanations.
    const env = { BC_SKIP_MAPPING: 'TRUE' };
    const quiet = ['--quiet', '--compact', '--soft-fail', '--skip-download'];
    return JSON.parse(await runToEnd(program, [...args, ...quiet], { env })) as Report;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
