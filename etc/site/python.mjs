// The worker that runs Python. It's JupyterLite's own, but it starts Python at once instead of when a lesson asks for it.
import "../../$worker"
import { loadPyodide as load } from "./pyodide.mjs"

// What Python prints goes where the lesson says, as soon as there is one.
const lesson = { stdout: console.log, stderr: console.error }

const python = start()
// Without a network, say, the page must not give this worker to the lesson that's opened next.
python.catch(() => postMessage({ pythonFailed: true }))

async function start() {
    const started = await load({
        ...$options,
        stdout: text => lesson.stdout(text),
        stderr: text => lesson.stderr(text),
    })
    // The modules a lesson's first cell imports. None of them reads the drive, which isn't there yet.
    started.runPython("import pyodide_kernel; from cognito_helpers import *")
    return started
}

// JupyterLite's worker imports this same module as Pyodide.
export function loadPyodide({ stdout, stderr }) {
    Object.assign(lesson, { stdout, stderr })
    return python
}
