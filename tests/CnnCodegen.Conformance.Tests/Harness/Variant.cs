using CnnCodegen.Generator.Algorithms;
using CnnCodegen.Generator.Algorithms.Int8Strassen;
using CnnCodegen.Generator.Algorithms.Int8Winograd;
using CnnCodegen.Generator.Algorithms.Movement;
using CnnCodegen.Generator.Algorithms.Reference;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Conformance.Tests.Harness;

/// <summary>One way to compute a case: a plan that differs from those of the case's other variants.</summary>
internal sealed record Variant(Case Case, NetworkPlan Plan)
{
    private static readonly Isa[] Isas = [Isa.Portable, Isa.Avx2, Isa.Avx512];

    /// <summary>The algorithms that between them decline no layer: one moves elements, the other computes.</summary>
    public static IReadOnlyList<IAlgorithm> Plain { get; } = [.. AlgorithmCatalog.All.Where(a => a is MovementAlgorithm or ReferenceAlgorithm)];

    /// <summary>The full name of the generated program.</summary>
    public string ProgramName => FileFrame.Namespace(Plan.Model.Type) + "." + FileFrame.Program(Plan.Model.Type, Plan.Isa);

    /// <summary>The algorithms that take part.</summary>
    public IEnumerable<string> Algorithms => Plan.Kernels.Select(k => k.Algorithm).Distinct();

    /// <summary>The bound of each layer's rounding error as a multiple of that of the direct algorithm, where it is above 1.</summary>
    public IReadOnlyDictionary<string, double> Amplifications => Plan.Steps.Where(s => s.Amplification > 1)
        .GroupBy(s => s.Layer).ToDictionary(g => g.Key, g => g.Max(s => s.Amplification));

    /// <summary>Some values lie as packed bits or as codes.</summary>
    public bool UsesBitsOrCodes => Plan.Steps.Any(s => s.OutputView.Form is Form.Bits or Form.Codes);

    public TargetIsa TargetIsa => Enum.Parse<TargetIsa>(Plan.Isa.ToString());

    /// <summary>What the whole catalog makes of a case.</summary>
    public static IEnumerable<Variant> Whole(Case source) => Isas.Select(isa => Make(source, isa, "all", AlgorithmCatalog.All));

    /// <summary>What the whole catalog makes of a case, and what it makes without minimal filtering and products of halves of codes.</summary>
    public static IEnumerable<Variant> Integers(Case source)
    {
        foreach (Isa isa in Isas)
        {
            Variant whole = Make(source, isa, "all", AlgorithmCatalog.All);
            Variant direct = Make(source, isa, "direct", [.. AlgorithmCatalog.All.Where(a => a is not (Int8WinogradAlgorithm or Int8StrassenAlgorithm))]);
            yield return whole;
            if (!Same(whole.Plan, direct.Plan)) yield return direct;
        }
    }

    /// <summary>
    /// What the whole catalog makes of a case, what the plain algorithms make of it, and what each of <paramref name="algorithms"/>, or of all
    /// if none is named, makes of it when it alone stands before the plain ones.
    /// </summary>
    public static IEnumerable<Variant> Of(Case source, params IReadOnlyCollection<string> algorithms)
    {
        foreach (Isa isa in Isas)
        {
            List<Variant> variants = [Make(source, isa, "all", AlgorithmCatalog.All)];
            foreach (IAlgorithm algorithm in AlgorithmCatalog.All.Where(a => algorithms.Count == 0 || algorithms.Contains(a.Name) || Plain.Contains(a)))
            {
                // Alone it may be as inaccurate as it is.
                Variant variant = Make(source with { Model = source.Model with { Accuracy = Generator.Model.Accuracy.Fast } }, isa, algorithm.Name, [.. Plain.Contains(algorithm) ? [] : new[] { algorithm }, .. Plain]);
                if (variants.All(v => !Same(v.Plan, variant.Plan))) variants.Add(variant);
            }

            foreach (Variant variant in variants) yield return variant;
        }
    }

    /// <summary>The generated files: the program and its kernels.</summary>
    public IEnumerable<GeneratedFile> Emit() =>
        Plan.Kernels.Select(kernel => KernelEmitter.Emit(Plan.Model.Type, kernel)).Prepend(ProgramEmitter.Emit(Plan));

    /// <inheritdoc/>
    public override string ToString() => ProgramName;

    private static Variant Make(Case source, Isa isa, string catalogName, IReadOnlyList<IAlgorithm> catalog)
    {
        string name = $"{source.Name}_{Literals.Identifier(catalogName)}_";
        return new Variant(source, NetworkPlanner.Plan(source.Model with { Type = source.Model.Type with { Name = name } }, isa, catalog: catalog));
    }

    /// <summary>Whether two plans differ in nothing but their reasons.</summary>
    private static bool Same(NetworkPlan a, NetworkPlan b) =>
        a.Steps.Select(s => s with { Reason = "" }).SequenceEqual(b.Steps.Select(s => s with { Reason = "" })) && a.Weights == b.Weights;
}
