using CnnCodegen.Generator.Algorithms.Bits;
using CnnCodegen.Generator.Algorithms.Codes;
using CnnCodegen.Generator.Algorithms.Reorder;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms;

/// <summary>The kernel that brings a value from one form into another.</summary>
internal static class FormChange
{
    /// <param name="isa">The target.</param>
    /// <param name="from">The value as it lies.</param>
    /// <param name="to">As it is wanted.</param>
    /// <param name="grid">What its codes mean; null for a value that has none.</param>
    public static KernelPlan Plan(Isa isa, TensorView from, TensorView to, CodeGrid? grid) =>
        from.Form == Form.Bits || to.Form == Form.Bits ? BitsAlgorithm.Convert(isa, from, to)
        : grid is not null && (from.Form == Form.Codes || to.Form == Form.Codes) ? CodesAlgorithm.Plan(isa, from, to, grid)
        : ReorderAlgorithm.Plan(isa, from, to, channelOffset: 0);
}
