namespace CnnCodegen.Execution;

/// <summary>What a generated program packs its weights with: named tensors in, packed bytes out.</summary>
public sealed unsafe partial class WeightPacker
{
}
