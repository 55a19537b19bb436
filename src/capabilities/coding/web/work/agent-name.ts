/** What an agent is for and of which step and try, told by its name: `writer s1.2`, `critic 1.1`, `describer`. */
export interface AgentName {
  readonly role: string;
  readonly step: string | null;
  readonly attempt: number | null;
}

const ofStep = /^(writer|reviewer) (.+)\.(\d+)$/;

export function readAgentName(name: string): AgentName {
  const [, role, step, attempt] = ofStep.exec(name) ?? [];
  if (role !== undefined && step !== undefined) return { role, step, attempt: Number(attempt) };
  return { role: name.split(' ', 1)[0] ?? name, step: null, attempt: null };
}
