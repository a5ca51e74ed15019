namespace CnnCodegen.Generator.Model;

/// <summary>Which variants of the code a build makes.</summary>
internal enum IsaSelection
{
    /// <summary>All of them; one check at start-up chooses.</summary>
    Auto,
    Avx512,
    Avx2,
    Portable,
}

/// <summary>What the project says about all its networks.</summary>
/// <param name="TargetIsa">The MSBuild property <c>CnnTargetIsa</c>.</param>
internal sealed record ProjectSettings(IsaSelection TargetIsa = IsaSelection.Auto);
