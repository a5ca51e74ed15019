using CnnCodegen.Conformance.Tests.Cases;

namespace CnnCodegen.Conformance.Tests.Harness;

/// <summary>All groups of cases, by name.</summary>
internal static class CaseGroups
{
    public static IReadOnlyDictionary<string, CaseGroup> All { get; } = new Dictionary<string, CaseGroup>
    {
        ["Convolution"] = new("Convolution", ConvolutionCases.All),
        ["Winograd"] = new("Winograd", WinogradCases.All, "winograd2x2", "winograd3x3", "winograd4x4", "winograd6x6"),
        ["Polyphase"] = new("Polyphase", PolyphaseCases.All, "winograd2x2", "winograd3x3", "winograd4x4", "winograd6x6"),
        ["Strassen"] = new("Strassen", StrassenCases.All, "strassen"),
        ["Sparse"] = new("Sparse", SparseCases.All, "sparse"),
        ["SparseBlocks"] = new("SparseBlocks", SparseBlockCases.All, Variant.Whole),
        ["Unrolled"] = new("Unrolled", UnrolledCases.All, "unrolled"),
        ["Shapewise"] = new("Shapewise", ShapewiseCases.All, "shapewise"),
        ["Binary"] = new("Binary", BinaryCases.All, "sliced", "nibbles", "popcount", "elementwise"),
        ["SignSums"] = new("SignSums", SignSumsCases.All, "signsums", "depthwise"),
        ["Pooling"] = new("Pooling", PoolingCases.All),
        ["Elementwise"] = new("Elementwise", ElementwiseCases.All, "elementwise", "direct", "depthwise", "grouped", "winograd2x2"),
        ["Movement"] = new("Movement", MovementCases.All, "direct", "reorder"),
        ["Int8"] = new("Int8", Int8Cases.All, Variant.Integers),
        ["Int8Winograd"] = new("Int8Winograd", Int8WinogradCases.All, Variant.Whole),
        ["Int8Strassen"] = new("Int8Strassen", Int8StrassenCases.All, Variant.Whole),
        ["LowBit"] = new("LowBit", LowBitCases.All, Variant.Whole),
        ["Fused"] = new("Fused", FusedCases.All, Variant.Whole),
        ["Graph"] = new("Graph", GraphCases.All, "direct", "depthwise", "pool", "winograd2x2"),
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
