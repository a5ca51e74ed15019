namespace CnnCodegen.Generator.Algorithms.Fft.Codelets;

/// <summary>What is written to a place of memory.</summary>
internal readonly record struct Result(int Slot, Term Value);

/// <summary>
/// Straight-line code for some values of a <see cref="Graph"/>: what they need, in the order of creation, every load right before its first use
/// and every store right behind its value. A product that is only added becomes part of the additions.
/// </summary>
internal sealed class Codelet
{
    private readonly HashSet<Node> _inlined = [];

    public Codelet(IEnumerable<Result> results)
    {
        Results = [.. results];
        HashSet<Node> needed = [];
        foreach (Result result in Results) Collect(result.Value.Node, needed);
        ILookup<Node, Node> users = needed.SelectMany(user => Operands(user).Distinct().Select(operand => (operand, user))).ToLookup(use => use.operand, use => use.user);
        HashSet<Node> stored = [.. Results.Where(r => !r.Value.IsZero).Select(r => r.Value.Node!)];
        foreach (Node node in needed.Where(node => node.Operation == Operation.Scale && !stored.Contains(node)).OrderBy(node => node.Id))
        {
            if (users[node].All(user => TakesProduct(user, node))) _inlined.Add(node);
        }

        List<Node> order = [];
        HashSet<Node> loaded = [];
        foreach (Node node in needed.Where(node => !_inlined.Contains(node)).OrderBy(node => node.Id))
        {
            if (node.Operation == Operation.Load && !stored.Contains(node)) continue;
            order.AddRange(Sources(node).Where(source => source.Operation == Operation.Load && !stored.Contains(source) && loaded.Add(source)));
            order.Add(node);
        }

        Order = order;
    }

    /// <summary>The nodes that take an instruction, operands first.</summary>
    public IReadOnlyList<Node> Order { get; }

    /// <summary>What is stored.</summary>
    public IReadOnlyList<Result> Results { get; }

    /// <summary>The slots that are read.</summary>
    public IEnumerable<int> Loads => Order.Where(node => node.Operation == Operation.Load).Select(node => node.Slot);

    /// <summary>Additions, multiplications and multiply-adds.</summary>
    public int Operations => Order.Count(node => node.Operation != Operation.Load);

    /// <summary>Instructions with loads and stores.</summary>
    public int Instructions => Order.Count + Results.Count;

    /// <summary>Whether a product is computed by the multiply-adds that use it.</summary>
    public bool IsInlined(Node node) => _inlined.Contains(node);

    /// <summary>
    /// Loads and stores of values that the registers do not hold, if always the value that is needed last makes room (Belady 1966); a
    /// compiler does no better.
    /// </summary>
    public int Spills(int registers)
    {
        Dictionary<Node, Queue<int>> uses = [];
        for (int i = 0; i < Order.Count; i++)
        {
            uses.Add(Order[i], new Queue<int>());
            foreach (Node source in Sources(Order[i]).Distinct()) uses[source].Enqueue(i);
        }

        HashSet<Node> held = [], inMemory = [.. Order.Where(node => node.Operation == Operation.Load)];
        int spills = 0;
        foreach (Node node in Order)
        {
            foreach (Node source in Sources(node).Distinct())
            {
                if (held.Add(source)) spills++;
                uses[source].Dequeue();
            }

            held.Add(node);
            held.RemoveWhere(value => uses[value].Count == 0);
            while (held.Count > registers)
            {
                Node victim = held.OrderByDescending(value => uses[value].Peek()).First();
                held.Remove(victim);
                if (inMemory.Add(victim)) spills++;
            }
        }

        return spills;
    }

    /// <summary>The nodes whose values an instruction reads: the factor of a product that it takes in.</summary>
    private IEnumerable<Node> Sources(Node node) => Operands(node).Select(operand => _inlined.Contains(operand) ? operand.Left! : operand);

    /// <summary>Of two products one has to be there before; a difference takes its right one.</summary>
    private bool TakesProduct(Node user, Node product) => user.Operation switch
    {
        Operation.Add => !_inlined.Contains(user.Left == product ? user.Right! : user.Left!),
        Operation.Subtract => user.Right == product,
        _ => false,
    };

    private static void Collect(Node? node, HashSet<Node> needed)
    {
        if (node is null || !needed.Add(node)) return;
        foreach (Node operand in Operands(node)) Collect(operand, needed);
    }

    private static IEnumerable<Node> Operands(Node node)
    {
        if (node.Left is not null) yield return node.Left;
        if (node.Right is not null) yield return node.Right;
    }
}
