// Starts Python as soon as the page has a lesson to draw, and one more for the lesson that's opened next. JupyterLite starts it when the lesson is drawn.
// Any earlier, and the two would compete: the first cell answers a second sooner, but the text is there three seconds later.
{
    // Milliseconds in which the lesson that took a Python runs its first cells undisturbed
    const LESSON_FIRST = 30_000

    const BrowserWorker = window.Worker
    let begun = null

    function begin() {
        begun ??= new BrowserWorker(new URL("../static/pyodide/python.mjs", document.baseURI), { type: "module" })
    }

    window.Worker = function (address, options) {
        if (!String(address).includes("/comlink.worker.")) return new BrowserWorker(address, options)
        begin()
        const taken = begun
        begun = null
        setTimeout(begin, LESSON_FIRST)
        return taken
    }
    window.Worker.prototype = BrowserWorker.prototype

    const looking = setInterval(() => {
        if (!window.jupyterapp?.shell?.currentWidget?.context) return
        clearInterval(looking)
        begin()
    }, 50)
}
