/** Tells on a terminal how far a long command is; says nothing elsewhere. */
export interface Progress {
  update(text: string): void;
  end(): void;
}

export const noProgress: Progress = { update() {}, end() {} };

/** A moving line on stderr, once there is something to tell. */
export async function createProgress(): Promise<Progress> {
  // Only who watches waits for it to be loaded.
  const { default: ora } = await import("ora");
  const spinner = ora({ stream: process.stderr, discardStdin: false });
  return {
    update(text) {
      spinner.text = text;
      if (!spinner.isSpinning) spinner.start();
    },
    end: () => void spinner.stop(),
  };
}
