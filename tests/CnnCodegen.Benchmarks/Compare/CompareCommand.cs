using System.CommandLine;
using System.Globalization;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Tool.Commands;

namespace CnnCodegen.Benchmarks;

/// <summary><c>compare</c>: this project against its peers, in turn.</summary>
internal static class CompareCommand
{
    public static Command Create(Option<Isa> isa)
    {
        Argument<string[]> names = new("NAME") { Description = "Networks and layers to measure; all without one.", Arity = ArgumentArity.ZeroOrMore };
        Option<string?> scripts = new("--peers") { Description = "Folder of the peers' scripts; ../shared/peers without it." };
        Option<string?> models = new("--models") { Description = "Folder of the ONNX files; without it that of the peers' set-up." };
        Option<bool> networks = new("--networks") { Description = "Whole networks." };
        Option<bool> layers = new("--layers") { Description = "Single layers." };
        Option<bool> coldStart = new("--cold-start") { Description = "Process start to first result. Without any of the three: all of them." };
        Option<int[]> threads = Numbers("--threads", "Numbers of threads.", [1, 2]);
        Option<int[]> processors = Numbers("--cpus", "Processors for the first thread, the second and so on.", Affinity.DefaultProcessors);
        Option<int> rounds = new("--rounds") { Description = "Turns of each engine.", DefaultValueFactory = _ => 10 };
        Option<int> turn = new("--turn") { Description = "Milliseconds of a turn, at least.", DefaultValueFactory = _ => 200 };
        Option<string?> output = new("-o", "--output") { Description = "Folder for results.json, results.md and the plots." };

        Command command = new("compare", "Measures this project, ONNX Runtime and oneDNN in turn on the same processors.")
        {
            names, isa, scripts, models, networks, layers, coldStart, threads, processors, rounds, turn, output,
        };
        command.SetAction(result =>
        {
            int[] cpus = result.GetRequiredValue(processors);
            bool all = !result.GetValue(networks) && !result.GetValue(layers) && !result.GetValue(coldStart);
            Terminal terminal = new(result.InvocationConfiguration);
            Comparison comparison = new(
                result.GetValue(isa),
                PeerFolders.Find(result.GetValue(scripts), result.GetValue(models), terminal.Notice),
                result.GetValue(names) ?? [],
                [.. result.GetRequiredValue(threads).Where(count => count <= cpus.Length)],
                cpus,
                result.GetValue(rounds),
                TimeSpan.FromMilliseconds(result.GetValue(turn)),
                terminal.Notice);
            Results results = comparison.Run(all || result.GetValue(networks), all || result.GetValue(layers), all || result.GetValue(coldStart));
            foreach (Sheet sheet in Sheets.Of(results)) sheet.Print(terminal);
            if (result.GetValue(output) is { } folder) ResultFolder.Write(folder, results);
        });
        return command;
    }

    /// <summary>An option whose value is like 1,2.</summary>
    private static Option<int[]> Numbers(string name, string description, int[] value) => new(name)
    {
        Description = $"{description} [default: {string.Join(',', value)}]",
        HelpName = "N,N",
        DefaultValueFactory = _ => value,
        CustomParser = argument =>
        {
            string[] words = argument.Tokens.Single().Value.Split(',');
            int[] numbers = [.. words.Select(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1)];
            if (numbers.Contains(-1)) argument.AddError($"{name} {argument.Tokens[0].Value}: numbers with commas between them are needed");
            return numbers;
        },
    };
}
