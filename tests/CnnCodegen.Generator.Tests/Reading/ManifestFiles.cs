using CnnCodegen.Testing;

namespace CnnCodegen.Generator.Tests.Reading;

/// <summary>A network with a layer that may be unrolled, with manifests of its weights beside it.</summary>
internal static class ManifestFiles
{
    public const string Network = """
        using CnnCodegen;

        namespace Demo;

        [Network(Weights = "net.safetensors"), Input("x", 4)]
        [Linear("fc", 2), Sparse(0.5, Unroll = true)]
        public sealed partial class Net;
        """;

    /// <summary>The weights 0 and 6 of eight are not zero.</summary>
    public const string Manifest = """{ "weights": "net.safetensors", "nonZeros": { "fc.weight": "QQ==" } }""";

    public static GeneratorRun Run(string text, string source = Network) => Run([("net.weights.json", text)], source);

    public static GeneratorRun Run((string Name, string Text)[] files, string source = Network) =>
        GeneratorHost.Run(source, "portable", files: [.. files.Select(f => new InMemoryFile("folder/" + f.Name, f.Text))]);
}
