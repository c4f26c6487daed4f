// Starts Python as soon as the page has a lesson to draw, and one more for the lesson that's opened next. JupyterLite starts it when the lesson is drawn.
// Any earlier, and the two would compete: the first cell answers a little sooner, but the text is there seconds later.

// The shell of JupyterLab or Notebook, as soon as it has something to show. `starting.js` waits for it too.
window.shownShell = new Promise(resolve => {
    const looking = setInterval(() => {
        const shell = window.jupyterapp?.shell
        if (!shell?.currentWidget) return
        clearInterval(looking)
        resolve(shell)
    }, 50)
})

// On a host that isolates its pages, JupyterLite runs Python in another kind of worker.
if (!crossOriginIsolated) {
    // Milliseconds in which the lesson that took a Python runs its first cells undisturbed
    const LESSON_FIRST = 30_000
    // In Notebook every lesson is a page of its own.
    const HAS_A_NEXT = location.pathname.includes("/lab/")

    const BrowserWorker = window.Worker
    let waiting = null

    function start() {
        if (waiting) return
        const worker = new BrowserWorker(new URL("../static/pyodide/python.mjs", document.baseURI), { type: "module" })
        function forget() {
            if (waiting !== worker) return
            worker.terminate()
            waiting = null
        }
        worker.addEventListener("message", ({ data }) => { if (data?.pythonFailed) forget() })
        worker.addEventListener("error", forget)
        waiting = worker
    }

    window.Worker = function (address, options) {
        if (!String(address).includes("/comlink.worker.")) return new BrowserWorker(address, options)
        start()
        const taken = waiting
        waiting = null
        if (HAS_A_NEXT) setTimeout(start, LESSON_FIRST)
        return taken
    }
    window.Worker.prototype = BrowserWorker.prototype

    window.shownShell.then(({ currentWidget }) => { if (currentWidget.context) start() })
}
