namespace CnnCodegen.Conformance.Tests.Harness;

/// <summary>Cases that are compiled together, on the first use of one of them.</summary>
internal sealed class CaseGroup
{
    private readonly Lazy<Batch> _batch;
    private readonly Lazy<ILookup<string, Variant>> _variants;
    private readonly Dictionary<string, Case> _cases;

    /// <param name="name">Its name.</param>
    /// <param name="cases">The cases.</param>
    /// <param name="algorithms">The algorithms that the cases are about, which are tried alone as well; none for all. The time of a group is that of compiling its variants.</param>
    public CaseGroup(string name, IEnumerable<Case> cases, params string[] algorithms)
        : this(name, cases, c => Variant.Of(c, algorithms))
    {
    }

    /// <param name="name">Its name.</param>
    /// <param name="cases">The cases.</param>
    /// <param name="variants">The ways to compute a case.</param>
    public CaseGroup(string name, IEnumerable<Case> cases, Func<Case, IEnumerable<Variant>> variants)
    {
        _cases = cases.ToDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);
        _variants = new(() => _cases.Values.SelectMany(variants).ToLookup(v => v.Case.Name));
        _batch = new(() => Batch.Compile(name, Variants));
    }

    public IReadOnlyCollection<Case> Cases => _cases.Values;

    /// <summary>The variants of all cases.</summary>
    public IEnumerable<Variant> Variants => _variants.Value.SelectMany(variants => variants);

    public Batch Batch => _batch.Value;

    public Case this[string name] => _cases[name];

    public IEnumerable<Variant> VariantsOf(string name) => _variants.Value[name];
}
