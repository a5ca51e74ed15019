namespace CnnCodegen.Benchmarks;

/// <summary>Where the peers are; null for what is not there.</summary>
/// <param name="Models">ONNX files.</param>
/// <param name="Modules">The Node.js modules with <c>onnxruntime-node</c>.</param>
/// <param name="OneDnn">The program <c>onednn_bench</c>.</param>
/// <param name="Layers">The list of single layers.</param>
/// <param name="LayerScript">The script that times ONNX Runtime's kernel of a single layer.</param>
internal sealed record PeerFolders(string? Models, string? Modules, string? OneDnn, string? Layers, string? LayerScript)
{
    /// <summary>Looks them up.</summary>
    /// <param name="scripts">The folder of the peers' scripts; null: <c>../shared/peers</c>.</param>
    /// <param name="models">The folder of the models that its <c>setup.sh</c> wrote; null: the one that it writes to.</param>
    /// <param name="notice">Gets a line for each thing that is missing.</param>
    public static PeerFolders Find(string? scripts, string? models, Action<string> notice)
    {
        scripts ??= Path.Combine("..", "shared", "peers");
        string cache = models is not null ? Path.Combine(models, "..")
            : Environment.GetEnvironmentVariable("PEERS_CACHE") ?? Path.Combine(CacheHome(), "cnn-peers");
        string modules = Path.GetFullPath(Path.Combine(cache, "node_modules"));
        return new PeerFolders(
            Directory.Exists(models ??= Path.Combine(cache, "models")) ? models : Missing(models, "networks"),
            Directory.Exists(Path.Combine(modules, "onnxruntime-node")) ? modules : Missing(modules, "ONNX Runtime"),
            Existing(Path.Combine(cache, "bin", "onednn_bench"), "oneDNN"),
            Existing(Path.Combine(scripts, "layers.txt"), "the peers' single layers (a list of our own instead)"),
            Existing(Path.Combine(scripts, "ort_bench.mjs"), "ONNX Runtime's single layers"));

        string? Existing(string path, string what) => File.Exists(path) ? path : Missing(path, what);

        string? Missing(string path, string what)
        {
            notice($"Without {what}: there is no {path}.");
            return null;
        }
    }

    private static string CacheHome() => Environment.GetEnvironmentVariable("XDG_CACHE_HOME")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
}
