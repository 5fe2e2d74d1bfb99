import { canDraw } from "../progress-bar.ts";
import { createSpinner } from "../spinner.ts";

/** Rows between two lines, where there is no terminal. */
const STEP = 100_000;

/** Tells on stderr how many rows have been read, of which nobody knows how many there are. */
export interface RowCounter {
  update(rows: number): void;
  end(): void;
}

export async function createRowCounter(): Promise<RowCounter> {
  if (!canDraw()) {
    return {
      update(rows) {
        if (rows % STEP === 0) process.stderr.write(`${rows} rows\n`);
      },
      end() {},
    };
  }
  const spinner = (await createSpinner()).start();
  return {
    update(rows) {
      if (rows % 256 === 0) spinner.text = `${rows} rows`;
    },
    end() {
      spinner.stop();
    },
  };
}
