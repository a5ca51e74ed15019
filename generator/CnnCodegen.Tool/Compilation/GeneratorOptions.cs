using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CnnCodegen.Tool.Compilation;

/// <summary>What a project file would tell the generator: the MSBuild property <c>CnnTargetIsa</c>.</summary>
internal sealed class GeneratorOptions(TargetIsa isa) : AnalyzerConfigOptionsProvider
{
    public override AnalyzerConfigOptions GlobalOptions { get; } = new Properties(InstructionSets.Name(isa));

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

    private sealed class Properties(string isa) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
        {
            value = key == "build_property.CnnTargetIsa" ? isa : null;
            return value is not null;
        }
    }
}
