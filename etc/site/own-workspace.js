// A lesson that is asked for by its address gets a workspace of its own, where a reload finds it again. In the one that all would
// share, JupyterLab opens whatever was open before beside it, each with a Python that starts.
{
    const address = new URL(location)
    if (address.searchParams.has("path") && !address.searchParams.has("workspace")) {
        address.searchParams.set("workspace", "Cognito-" + Math.floor(Date.now() / 1000).toString(36))
        history.replaceState(null, "", address)
    }
}
