using CnnCodegen.Conformance.Tests.Cases;

namespace CnnCodegen.Conformance.Tests.Harness;

/// <summary>All groups of cases, by name.</summary>
internal static class CaseGroups
{
    public static IReadOnlyDictionary<string, CaseGroup> All { get; } = new Dictionary<string, CaseGroup>
    {
        ["Convolution"] = new("Convolution", ConvolutionCases.All),
        ["Winograd"] = new("Winograd", WinogradCases.All),
        ["Strassen"] = new("Strassen", StrassenCases.All),
        ["Sparse"] = new("Sparse", SparseCases.All),
        ["Unrolled"] = new("Unrolled", UnrolledCases.All),
        ["Shapewise"] = new("Shapewise", ShapewiseCases.All),
        ["Binary"] = new("Binary", BinaryCases.All),
        ["Pooling"] = new("Pooling", PoolingCases.All),
        ["Elementwise"] = new("Elementwise", ElementwiseCases.All),
        ["Movement"] = new("Movement", MovementCases.All),
        ["Int8"] = new("Int8", Int8Cases.All, Variant.Whole),
        ["LowBit"] = new("LowBit", LowBitCases.All, Variant.Whole),
        ["Fused"] = new("Fused", FusedCases.All, Variant.Whole),
        ["Graph"] = new("Graph", GraphCases.All),
    };

    /// <summary>Group and name of every case, as theory data.</summary>
    public static TheoryData<string, string> Names()
    {
        TheoryData<string, string> names = [];
        foreach ((string group, CaseGroup cases) in All)
            foreach (Case c in cases.Cases) names.Add(group, c.Name);
        return names;
    }
}
