type Listener = (value: unknown) => void;

export class Emitter {
  #listeners = new Map<string, Listener[]>();

  on(name: string, listener: Listener): void {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
  }

  once(name: string, listener: Listener): void {
    const wrapped = (value: unknown) => {
      this.off(name, wrapped);
      listener(value);
    };
    this.on(name, wrapped);
  }

  off(name: string, listener: Listener): void {
    const all = this.#listeners.get(name) ?? [];
    const at = all.indexOf(listener);
    if (at >= 0) all.splice(at, 1);
  }

  emit(name: string, value: unknown): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(value);
  }
}
