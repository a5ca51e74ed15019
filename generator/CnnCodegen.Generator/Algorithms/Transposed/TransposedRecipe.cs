using CnnCodegen.Generator.Algorithms.Direct;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Transposed;

/// <summary>The weights of one phase in the order of the direct kernel.</summary>
/// <param name="Order">That order; its tensors hold the input channels first.</param>
/// <param name="KernelTaps">Taps of the whole kernel.</param>
/// <param name="Taps">The phase's taps among them, in the order in which they are read.</param>
internal sealed record TransposedRecipe(DirectRecipe Order, int KernelTaps, EquatableArray<int> Taps) : PackRecipe(Order.Bytes);
