namespace CnnCodegen.Generator.Algorithms.Fft.Codelets;

/// <summary>A transform of one line of numbers, vectors of channels lane by lane.</summary>
internal enum LineKind
{
    /// <summary>Real numbers to the values 0 to n/2 of their spectrum.</summary>
    Real,

    /// <summary>Complex numbers to their spectrum.</summary>
    Forward,

    /// <summary>A spectrum to complex numbers, without the factor 1/n.</summary>
    Inverse,

    /// <summary>The values 0 to n/2 of the spectrum of real numbers to the numbers, without the factor 1/n.</summary>
    Hermitian,
}

/// <summary>
/// Straight-line code for a transform of <paramref name="Size"/> points of which the first <paramref name="Read"/> inputs may differ from zero (all
/// values of a spectrum do) and the first <paramref name="Written"/> outputs are wanted. A value that is complex has two slots, real part first.
/// </summary>
internal sealed record Line(LineKind Kind, int Size, int Read, int Written)
{
    /// <summary>Points up to which the numbers of a transform stay in registers from the loads to the stores.</summary>
    private static int SinglePass(LineKind kind, int registers) => kind is LineKind.Real or LineKind.Hermitian ? registers : registers / 2;

    /// <summary>The steps: one codelet, or a number of them that leave values in memory and as many others that take them from there.</summary>
    /// <param name="registers">Registers of the instruction set.</param>
    public LineCode Code(int registers)
    {
        if (Size <= SinglePass(Kind, registers)) return Whole();
        IEnumerable<LineCode> codes = Enumerable.Range(2, Size - 2).Where(first => Size % first == 0)
            .Select(first => new Split(first, Size / first)).Where(split => Fits(split, registers)).Select(Steps);
        return codes.OrderBy(code => code.Instructions + code.Spills(registers)).FirstOrDefault() ?? Whole();
    }

    private bool Fits(Split split, int registers) => Kind switch
    {
        LineKind.Real => split.First <= registers && split.Second <= Radix(registers),
        LineKind.Hermitian => split.First <= registers && split.Second <= Radix(registers),
        _ => split.First <= Radix(registers) && split.Second <= Radix(registers),
    };

    private static int Radix(int registers) => (registers / 2) + 4;

    private LineCode Whole()
    {
        Graph graph = new();
        Dft dft = new(graph);
        IEnumerable<Result> results = Kind switch
        {
            LineKind.Real => Slots(dft.Real(Reals(graph))),
            LineKind.Forward => Slots(dft.Forward(Complexes(graph, Size))),
            LineKind.Inverse => Slots(dft.Inverse(Complexes(graph, Size))),
            _ => dft.Hermitian(Size, Complexes(graph, (Size / 2) + 1)).Select((value, j) => new Result(j, value)),
        };
        return new LineCode([new Codelet(Wanted(results))], [], 0);
    }

    private LineCode Steps(Split split)
    {
        // First steps; what they find to be zero or to be a negative is known to the second.
        Graph graph = new();
        Dft dft = new(graph);
        Dictionary<(int K, int B), Complex> between = [];
        List<(int K, int B)[]> groups = [];
        if (Kind == LineKind.Hermitian)
        {
            Complex[] x = Complexes(graph, (Size / 2) + 1);
            for (int k = 0; k <= split.First / 2; k++)
            {
                Complex[] values = dft.HermitianFirst(split, k, i => x[i]);
                for (int b = 0; b < values.Length; b++) between[(k, b)] = values[b];
                groups.Add([.. Enumerable.Range(0, values.Length).Select(b => (k, b))]);
            }
        }
        else
        {
            Term[] reals = Kind == LineKind.Real ? Reals(graph) : [];
            Complex[] x = Kind == LineKind.Real ? [] : Complexes(graph, Size);
            for (int b = 0; b < split.Second; b++)
            {
                IEnumerable<int> inputs = Enumerable.Range(0, split.First).Select(a => split.Input(a, b));
                Complex[] values = Kind switch
                {
                    LineKind.Real => dft.Real([.. inputs.Select(i => reals[i])]),
                    LineKind.Forward => dft.Forward([.. inputs.Select(i => x[i])]),
                    _ => dft.Inverse([.. inputs.Select(i => x[i])]),
                };
                for (int k = 0; k < values.Length; k++) between[(k, b)] = values[k];
                groups.Add([.. Enumerable.Range(0, values.Length).Select(k => (k, b))]);
            }
        }

        int slot((int K, int B) place, int part) => (2 * ((place.K * split.Second) + place.B)) + part;
        Graph after = new();
        Dft second = new(after);
        Complex load(int k, int b) => new(Stored(between[(k, b)].Re, slot((k, b), 0)), Stored(between[(k, b)].Im, slot((k, b), 1)));
        Term Stored(Term value, int at) => value.IsZero ? value : value.Negative ? -after.Load(at) : after.Load(at);
        Complex[] row(int k) => [.. Enumerable.Range(0, split.Second).Select(b => load(k, b))];
        List<Codelet> last = [];
        if (Kind == LineKind.Hermitian)
        {
            for (int b = 0; b < split.Second; b++)
            {
                Term[] values = second.Hermitian(split.First, [.. Enumerable.Range(0, (split.First / 2) + 1).Select(k => load(k, b))]);
                last.Add(new Codelet(Wanted(values.Select((value, a) => new Result(split.Input(a, b), value)))));
            }
        }
        else
        {
            for (int k = 0; k < (Kind == LineKind.Real ? (split.First / 2) + 1 : split.First); k++)
            {
                Complex[] values = row(k);
                IEnumerable<(int Index, Complex Value)> outputs = Kind switch
                {
                    LineKind.Real => second.RealSecond(split, k, values).GroupBy(value => value.Index).Select(same => same.First()),
                    LineKind.Forward => second.ForwardSecond(split, k, values).Select((value, c) => (split.Output(k, c), value)),
                    _ => second.InverseSecond(split, k, values).Select((value, c) => (split.Output(k, c), value)),
                };
                last.Add(new Codelet(Wanted(outputs.SelectMany(output => Slots(output.Index, output.Value)))));
            }
        }

        HashSet<int> used = [.. last.SelectMany(codelet => codelet.Loads)];
        IEnumerable<Codelet> first = groups.Select(group => new Codelet(
            group.SelectMany(place => new[] { new Result(slot(place, 0), Positive(between[place].Re)), new Result(slot(place, 1), Positive(between[place].Im)) })
                .Where(result => used.Contains(result.Slot))));
        return new LineCode([.. first.Where(codelet => codelet.Results.Count > 0)], [.. last.Where(codelet => codelet.Results.Count > 0)], 2 * split.Size);
    }

    /// <summary>The results that are wanted.</summary>
    private IEnumerable<Result> Wanted(IEnumerable<Result> results) => Kind switch
    {
        LineKind.Real => results,
        LineKind.Hermitian => results.Where(result => result.Slot < Written),
        _ => results.Where(result => result.Slot < 2 * Written),
    };

    private Term[] Reals(Graph graph) => [.. Enumerable.Range(0, Size).Select(j => j < Read ? graph.Load(j) : Term.Zero)];

    private Complex[] Complexes(Graph graph, int count) =>
        [.. Enumerable.Range(0, count).Select(j => j >= Read ? default : new Complex(graph.Load(2 * j), IsReal(j) ? Term.Zero : graph.Load((2 * j) + 1)))];

    /// <summary>Whether a value of the spectrum is known to be real; nobody stores its imaginary part.</summary>
    private bool IsReal(int j) => Kind == LineKind.Hermitian && (j == 0 || 2 * j == Size);

    private static IEnumerable<Result> Slots(Complex[] values) => values.SelectMany((value, k) => Slots(k, value));

    private static IEnumerable<Result> Slots(int index, Complex value) => [new(2 * index, value.Re), new((2 * index) + 1, value.Im)];

    private static Term Positive(Term value) => value with { Negative = false };
}

/// <summary>The code of a <see cref="Line"/>.</summary>
/// <param name="First">From the input; to the output if there are no others.</param>
/// <param name="Second">From the values between to the output.</param>
/// <param name="Slots">Values between.</param>
internal sealed record LineCode(IReadOnlyList<Codelet> First, IReadOnlyList<Codelet> Second, int Slots)
{
    public int Operations => First.Concat(Second).Sum(codelet => codelet.Operations);

    public int Spills(int registers) => First.Concat(Second).Sum(codelet => codelet.Spills(registers));

    public int Instructions => First.Concat(Second).Sum(codelet => codelet.Instructions);
}
