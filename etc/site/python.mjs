// The worker that runs Python. It's JupyterLite's own, but it starts Python at once instead of when a lesson asks for it.
import "../../$worker"
import { loadPyodide as load } from "./pyodide.mjs"

// What Python prints goes where the lesson says, as soon as there is one.
const lesson = { stdout: console.log, stderr: console.error }

const python = start()
// Without a network, say, the page must not give this worker to the lesson that's opened next.
python.catch(() => postMessage({ pythonFailed: true }))

// The browser generates RSA keys beside Python, which takes a second or more for each. Python can't wait for the browser, so some are generated in advance.
const KEYS = 6
const RS256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }
const keys = []

async function generateKey() {
    const { privateKey } = await crypto.subtle.generateKey(RS256, true, ["sign", "verify"])
    keys.push(await crypto.subtle.exportKey("jwk", privateKey))
}

function offerKeys() {
    for (let asked = 0; asked < KEYS; asked++) generateKey()
    // `crypto/rs256_pure.py` calls it, and generates a key itself if none is there yet.
    globalThis.takeRsaKey = () => {
        generateKey()
        return keys.shift()
    }
}

async function start() {
    const started = await load({
        ...$options,
        stdout: text => lesson.stdout(text),
        stderr: text => lesson.stderr(text),
    })
    // The modules a lesson's first cell imports. None of them reads the drive, which isn't there yet.
    started.runPython("import pyodide_kernel; from cognito_helpers import *")
    // Pages that come over plain HTTP from another computer have no `subtle`.
    if (crypto.subtle) offerKeys()
    return started
}

// JupyterLite's worker imports this same module as Pyodide.
export function loadPyodide({ stdout, stderr }) {
    Object.assign(lesson, { stdout, stderr })
    return python
}
