using CnnCodegen.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

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
        GeneratorHost.Run(Network, "portable", files: [.. files.Select(f => new InMemory("folder/" + f.Name, f.Text))]);

    private sealed class InMemory(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
