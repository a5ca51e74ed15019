using System.Text;
using CnnCodegen.Generator.Reading;
using CnnCodegen.Manifest;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace CnnCodegen.Tool.Compilation;

/// <summary>Which weights of a file are zero: a file of the compilation that the generator reads, made in memory where a project's build writes it.</summary>
/// <param name="weights">The weight file.</param>
/// <param name="name">What the network calls it.</param>
/// <exception cref="CnnCodegen.Weights.WeightFileException">It is malformed.</exception>
internal sealed class ManifestFile(string weights, string name) : AdditionalText
{
    private readonly SourceText _text = SourceText.From(ManifestText.Of(weights, name), Encoding.UTF8);

    public override string Path { get; } = System.IO.Path.ChangeExtension(weights, ManifestReader.Suffix);

    public override SourceText GetText(CancellationToken cancellationToken = default) => _text;
}
