/** Counters of this process, as Prometheus reads them. Labels come from our own fixed words, never from a request. */
const COUNTERS = {
  attempts_created: { help: 'Attempts begun', label: null },
  attempts_moved: { help: 'Changes of status', label: 'status' },
  claims: { help: 'Results handed over, repetitions included', label: null },
  redemptions: { help: 'Codes that a back end handed in', label: 'outcome' },
  problems: { help: 'Problems answered', label: 'code' },
  pushes: { help: "WeChat's deliveries", label: 'outcome' },
  forwards: { help: 'Pushes handed on to Authing, each try', label: 'outcome' },
  looks: { help: 'Status queries to Authing', label: 'outcome' },
} as const;

export type Counter = keyof typeof COUNTERS;

export interface Metrics {
  count(counter: Counter, label?: string): void;
  /** A value that is asked for when somebody reads. */
  gauge(name: string, help: string, read: () => number): void;
  /** Prometheus text format 0.0.4. */
  text(): string;
}

const PREFIX = 'wechat_follow_login_';

export function createMetrics(): Metrics {
  const counts = new Map<Counter, Map<string, number>>();
  const gauges: Array<{ name: string; help: string; read: () => number }> = [];
  return {
    count(counter, label = '') {
      const values = counts.get(counter) ?? new Map<string, number>();
      counts.set(counter, values.set(label, (values.get(label) ?? 0) + 1));
    },
    gauge(name, help, read) {
      gauges.push({ name, help, read });
    },
    text() {
      const lines: string[] = [];
      for (const [counter, { help, label }] of Object.entries(COUNTERS) as Array<
        [Counter, (typeof COUNTERS)[Counter]]
      >) {
        const name = `${PREFIX}${counter}_total`;
        lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} counter`);
        const values = counts.get(counter);
        if (label === null) lines.push(`${name} ${values?.get('') ?? 0}`);
        else for (const [value, sum] of values ?? []) lines.push(`${name}{${label}="${value}"} ${sum}`);
      }
      for (const { name, help, read } of gauges) {
        lines.push(`# HELP ${PREFIX}${name} ${help}`, `# TYPE ${PREFIX}${name} gauge`, `${PREFIX}${name} ${read()}`);
      }
      return `${lines.join('\n')}\n`;
    },
  };
}
