using CnnCodegen.Testing;

namespace CnnCodegen.Generator.Tests.Reading;

/// <summary>A network of two convolutions, compiled for portable vectors with tuning files beside it.</summary>
internal static class TuningFiles
{
    private static readonly string Network = Definition.Source("""
        [Network, Input("x", 3, 8, 8)]
        [Conv("a", 16, Kernel = 3, Stride = 2)]
        [Conv("b", 16, Kernel = 3, Stride = 2)]
        """);

    public static GeneratorRun Run(string text) => Run([("Net.tuning.json", text)]);

    public static GeneratorRun Run((string Name, string Text)[] files) =>
        GeneratorHost.Run(Network, "portable", files: [.. files.Select(f => new InMemoryFile("folder/" + f.Name, f.Text))]);
}
