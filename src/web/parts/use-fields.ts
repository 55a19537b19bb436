import { useEffect, useState, type ChangeEvent, type FocusEvent, type FormEvent } from 'react';
import { ApiError } from '../api/client.ts';

/** What is wrong with a value, in words; undefined when nothing is. */
export type Check = (value: string) => string | undefined;

/**
 * The fields of a form: checked when one is left and on sending, never while typing. Sending with a mistake moves the
 * focus to the first; what the server finds wrong with a field is shown there too. `first` has the focus to begin with.
 */
export function useFields<Name extends string>(
  start: Readonly<Record<Name, string>>,
  checks: Readonly<Partial<Record<Name, Check>>>,
  first?: NoInfer<Name>,
) {
  const [values, setValues] = useState(start);
  const [errors, setErrors] = useState<Partial<Record<Name, string>>>({});
  const [form, setForm] = useState<HTMLFormElement | null>(null);
  useEffect(() => fieldIn(form, first)?.focus(), [form, first]);
  const names = Object.keys(start) as Name[];

  const errorIn = (name: Name) => checks[name]?.(values[name]);
  const setError = (name: Name, error: string | undefined) =>
    setErrors((before) => {
      const after = { ...before };
      if (error === undefined) delete after[name];
      else after[name] = error;
      return after;
    });

  function show(found: Partial<Record<Name, string>>): boolean {
    setErrors(found);
    const wrong = names.find((name) => found[name] !== undefined);
    fieldIn(form, wrong)?.focus();
    return wrong !== undefined;
  }

  return {
    /** The form's `ref`. */
    setForm,
    values,
    set: (name: Name, value: string) => setValues((before) => ({ ...before, [name]: value })),
    reset: () => {
      setValues(start);
      setErrors({});
    },
    /** For an input: its name, value, what happens, and its error. */
    bind: (name: Name) => ({
      name,
      value: values[name],
      error: errors[name],
      onChange: ({ currentTarget: { value } }: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => {
        setValues((before) => ({ ...before, [name]: value }));
        setError(name, undefined);
      },
      onBlur: ({ relatedTarget }: FocusEvent) => {
        // Sending checks it anyhow; an error that appears now would move the button from under the pointer.
        if (relatedTarget instanceof HTMLButtonElement && relatedTarget.type === 'submit') return;
        if (values[name] !== '') setError(name, errorIn(name));
      },
    }),
    onSubmit: (work: (values: Readonly<Record<Name, string>>) => void) => (event: FormEvent) => {
      event.preventDefault();
      const found = Object.fromEntries(
        names.map((name) => [name, errorIn(name)]).filter(([, error]) => error !== undefined),
      ) as Partial<Record<Name, string>>;
      if (!show(found)) work(values);
    },
    /** Whether the server refused what stands in one of these fields. */
    owns: (error: unknown) => problemsOf(error, names).length > 0,
    /** Shows what the server refused at its field. */
    refuse: (error: Error) => {
      const found = problemsOf(error, names).map(({ path, message }) => [path, sentence(message)]);
      if (found.length > 0) show(Object.fromEntries(found) as Partial<Record<Name, string>>);
    },
  };
}

function fieldIn(form: HTMLFormElement | null, name: string | undefined): HTMLElement | null {
  return name === undefined ? null : (form?.querySelector<HTMLElement>(`[name="${name}"]`) ?? null);
}

function problemsOf(error: unknown, names: readonly string[]) {
  const problems = error instanceof ApiError ? (error.problem.problems ?? []) : [];
  return problems.filter(({ path }) => names.includes(path));
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
