// Says that Python is starting, and about how long that takes in this browser.
{
    const LAST = "cognito-tutorial seconds until Python is ready"
    // Before this browser has started it once.
    const AT_FIRST = 10

    const note = document.createElement("div")
    note.id = "python-starts"
    note.setAttribute("role", "status")
    note.style = `position: fixed; right: 1rem; bottom: 2rem; z-index: 2000; max-width: min(24rem, 80vw); padding: .6rem 1rem; border: 1px solid;
        border-radius: 6px; font: 15px/1.4 system-ui, sans-serif; background: var(--jp-layout-color1, Canvas); color: var(--jp-ui-font-color1, CanvasText)`

    // A private window may have no storage.
    const kept = work => { try { return work() } catch { return null } }

    function say() {
        const seconds = kept(() => Number(localStorage.getItem(LAST))) || AT_FIRST
        note.textContent = `Python is starting in this browser. It takes about ${seconds} seconds. You can read the lesson meanwhile.`
        note.hidden = false
    }

    const known = new WeakSet()
    async function watch(panel, began) {
        if (!panel?.sessionContext || known.has(panel)) return
        known.add(panel)
        say()
        await panel.context.ready
        await panel.sessionContext.ready
        await panel.sessionContext.session?.kernel?.info
        note.hidden = true
        kept(() => localStorage.setItem(LAST, Math.max(1, Math.round((performance.now() - began) / 1000))))
    }

    addEventListener("DOMContentLoaded", () => {
        document.body.append(note)
        say()
        window.shownShell.then(shell => {
            watch(shell.currentWidget, 0)
            shell.currentChanged.connect(() => watch(shell.currentWidget, performance.now()))
            // A page that shows no lesson, say the list of files, starts no Python.
            if (!known.has(shell.currentWidget)) note.hidden = true
        })
    })
}
