// Keeps the whole site in the browser, so that every lesson opens where the network is gone. All else is JupyterLite's own service worker, loaded at the end.
// JupyterLite's setting for a cache keeps only what was asked for, each address with its question mark apart, and is forgotten when the worker sleeps.
const KEPT = `$${registration.scope} $version`
const ADDRESSES = new Set($files.map(file => new URL(file, registration.scope).href))
// Where the first page looks whether everything is here.
const MARK = new URL("all-is-kept", registration.scope).href

// Milliseconds, in which the first cell of the lesson gets its answer undisturbed.
const LESSON_FIRST = 10_000

let keeping

async function keep() {
    await new Promise(resolve => setTimeout(resolve, LESSON_FIRST))
    // Of this site alone: others may live at the same host. An older release must not be mixed with this one.
    const older = (await caches.keys()).filter(name => name.startsWith(`$${registration.scope} `) && name !== KEPT)
    await Promise.all(older.map(name => caches.delete(name)))
    const cache = await caches.open(KEPT)
    const there = new Set((await cache.keys()).map(request => request.url))
    // One after the other, so that whatever the lesson asks for meanwhile is not kept waiting.
    for (const address of ADDRESSES) {
        if (there.has(address)) continue
        const answer = await fetch(address, {cache: "no-cache", priority: "low"})
        if (!answer.ok || answer.redirected) throw new Error(`$${address} cannot be kept`)
        await cache.put(address, answer)
    }
    await cache.put(MARK, new Response("yes"))
}

// Lessons in several tabs write the same files, on a drive that knows no locks. Each asks here before it reads what it's going to change,
// and gets its answer when it's its turn: by holder, what ends the turn.
const turns = new Map()
// Milliseconds, after which a lesson that was closed in its turn keeps no one waiting any more.
const LONGEST_TURN = 30_000

function take(event, file, holder) {
    return new Promise(answer => event.waitUntil(navigator.locks.request(`$${KEPT} $${file}`, () => new Promise(end => {
        const late = setTimeout(end, LONGEST_TURN)
        turns.set(holder, () => { clearTimeout(late); turns.delete(holder); end() })
        answer(new Response("yes"))
    }))))
}

function give(holder) {
    turns.get(holder)?.()
    return new Response("yes")
}

async function kept(address) {
    return (await caches.open(KEPT)).match(address)
}

self.addEventListener("fetch", event => {
    const asked = new URL(event.request.url)
    const [, lock] = asked.pathname.match(/\/api\/lock\/(take|give)$$/) ?? []
    if (lock) {
        event.stopImmediatePropagation()
        const [file, holder] = ["file", "holder"].map(name => asked.searchParams.get(name))
        event.respondWith(lock === "take" ? take(event, file, holder) : give(holder))
        return
    }
    // Not before Python runs, and asks for its drive. Where it failed, for want of a network or of room, it begins again with the next.
    if (asked.pathname.includes("/api/drive")) keeping ??= keep().catch(() => { keeping = undefined })
    event.waitUntil(keeping)
    const address = asked.origin + asked.pathname.replace(/\/$$/, "/index.html")
    if (event.request.method !== "GET" || !ADDRESSES.has(address)) return
    event.stopImmediatePropagation()
    event.respondWith(kept(address).then(found => found ?? fetch(event.request)))
})

importScripts("jupyterlite-service-worker.js")
