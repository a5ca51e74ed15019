namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>Writes how many phases an element of the tile adds up, and what that takes in memory: numbers, or sums with <c>phases</c> if elements differ.</summary>
internal sealed class PhaseText(WinogradPlan plan)
{
    private readonly PolyphaseFilter _filter = plan.Filter;

    private int Phases => _filter.Phases.Count * _filter.Phases.Count;

    /// <summary>Not all points belong to the same number of phases. Only the last finite one can be different.</summary>
    public bool Varies => _filter.PhasesAt.Distinct().Skip(1).Any();

    /// <summary>The phases of an element.</summary>
    public string Count => Varies ? "phases" : $"{Phases}";

    /// <summary>Bytes of an element of the transformed inputs.</summary>
    public string InBytes => Times(plan.InPhaseBytes);

    /// <summary>Bytes of the weights of a register tile of output channels for one element.</summary>
    public string ChunkBytes => Varies ? $"({plan.StartBytes} + {Times(plan.PhaseWeightBytes)})" : $"{plan.StartBytes + (Phases * plan.PhaseWeightBytes)}";

    /// <summary>The phases of the element at a pair of points.</summary>
    public string At(string row, string column) => $"{At(row)} * {At(column)}";

    /// <summary>The products of all elements before the one at a pair of points.</summary>
    public string Before(string row, string column) => $"({Start(row)} * {_filter.Products}) + ({At(row)} * {Start(column)})";

    private string At(string point)
    {
        int odd = _filter.Points - 2;
        return $"({point} == {odd} ? {_filter.PhasesAt[odd]} : {_filter.PhasesAt[0]})";
    }

    private string Start(string point)
    {
        int odd = _filter.Points - 2;
        return $"(({point} * {_filter.PhasesAt[0]}) - ({point} > {odd} ? {_filter.PhasesAt[0] - _filter.PhasesAt[odd]} : 0))";
    }

    private string Times(int bytes) => Varies ? $"(phases * {bytes})" : $"{Phases * bytes}";
}
