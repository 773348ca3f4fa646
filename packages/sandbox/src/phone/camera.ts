import { captureScreen, readCode } from './picture.ts';
import type { Picture } from './picture.ts';
import { neighbour, requestFrame } from './page-frames.ts';
import type { Strings } from './strings.ts';

/** Where a QR code comes from: the page beside the phone, a screen capture, a picture pasted, dropped or chosen. */
const BETWEEN_FRAMES_MS = 300;
const LOOK_FOR_MS = 15_000;
/** How long the picture with the code stays in view before the phone moves on: long enough to see what was scanned. */
const SHOW_FOUND_MS = 450;

export interface CameraElements {
  finder: HTMLElement;
  view: HTMLCanvasElement;
  status: HTMLElement;
  scan: HTMLButtonElement;
  capture: HTMLButtonElement;
  picture: HTMLInputElement;
}

export interface Camera {
  /** Empties the view-finder and stops looking. */
  rest(): void;
}

/** `onCode` gets the content of every code that was read; the camera works only while `isOpen`. */
export function createCamera(
  elements: CameraElements,
  strings: Strings,
  isOpen: () => boolean,
  onCode: (text: string) => void,
): Camera {
  const { finder, view, status, scan, capture, picture } = elements;
  const beside = neighbour();
  let run = 0;

  const say = (text: string) => {
    status.textContent = text;
  };
  const stop = () => {
    run += 1;
    finder.classList.remove('looking');
  };
  const found = async (text: string) => {
    stop();
    const mine = run;
    await new Promise((resolve) => setTimeout(resolve, SHOW_FOUND_MS));
    if (mine === run) onCode(text);
  };

  const look = async (from: Window) => {
    stop();
    const mine = run;
    const until = performance.now() + LOOK_FOR_MS;
    finder.classList.add('looking');
    say(strings.looking);
    while (performance.now() < until) {
      const frame = await requestFrame(from);
      if (mine !== run) return;
      const text = frame && readCode(frame, view);
      if (text) return found(text);
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_FRAMES_MS));
      if (mine !== run) return;
    }
    stop();
    say(strings.noCodeInTime);
  };

  const readPicture = async (get: () => Promise<Picture>) => {
    if (!isOpen()) return;
    stop();
    try {
      const text = readCode(await get(), view);
      if (text) await found(text);
      else say(strings.noCode);
    } catch {
      // Not a picture, or the person closed the browser's picker.
      say(strings.noCode);
    }
  };
  const readFile = (file: File | null | undefined) => {
    if (file) void readPicture(() => createImageBitmap(file));
  };

  const canCapture = 'getDisplayMedia' in (navigator.mediaDevices ?? {});
  capture.hidden = !canCapture;
  scan.addEventListener('click', () => {
    if (beside) void look(beside);
    else if (canCapture) void readPicture(captureScreen);
    else picture.click();
  });
  capture.addEventListener('click', () => void readPicture(captureScreen));
  picture.addEventListener('change', () => {
    readFile(picture.files?.[0]);
    picture.value = '';
  });
  document.addEventListener('paste', (event) => readFile(event.clipboardData?.files[0]));
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    finder.classList.add('dropping');
  });
  document.addEventListener('dragleave', () => finder.classList.remove('dropping'));
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    finder.classList.remove('dropping');
    readFile(event.dataTransfer?.files[0]);
  });

  const rest = () => {
    stop();
    view.getContext('2d')?.clearRect(0, 0, view.width, view.height);
    say(beside ? strings.ready : strings.readyAlone);
  };
  rest();
  return { rest };
}
