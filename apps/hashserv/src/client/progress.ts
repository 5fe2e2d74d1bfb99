import ora from "ora";

/** Tells on a terminal how far a long command is; says nothing elsewhere. */
export interface Progress {
  update(text: string): void;
  end(): void;
}

export const noProgress: Progress = { update() {}, end() {} };

/** A moving line on stderr, once there is something to tell. */
export function createProgress(): Progress {
  const spinner = ora({ stream: process.stderr, discardStdin: false });
  return {
    update(text) {
      spinner.text = text;
      if (!spinner.isSpinning) spinner.start();
    },
    end: () => void spinner.stop(),
  };
}
