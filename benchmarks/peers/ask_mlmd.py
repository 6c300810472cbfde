"""Peer: ml-metadata (TFX) on SQLite, asked its best supported way: put_lineage_subgraph to write, get_lineage_subgraph to ask.

Run in an environment of its own (it pins old libraries):  python benchmarks/peers/ask_mlmd.py [shots] > mlmd.json
A question starts from at most 100 versions and goes at most 100 hops, so a cut of 2,500 clips is 25 questions; the answer is the
union of ancestors, with no word on frames or on which clip needs what. `cut s` therefore flatters it.
"""

import tempfile
from pathlib import Path

from ml_metadata.metadata_store import metadata_store
from ml_metadata.proto import metadata_store_pb2 as pb

from lineage_show import digest, settings
from questions import CHUNK, closures, figures, finish, show, timed

STARTS, HOPS = 100, 100
steps = show.steps
id_of = [0] * len(steps)

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "mlmd.db"
    config = pb.ConnectionConfig()
    config.sqlite.filename_uri = str(path)
    config.sqlite.connection_mode = pb.SqliteMetadataSourceConfig.READWRITE_OPENCREATE
    store = metadata_store.MetadataStore(config)
    version_type, step_type = pb.ArtifactType(name="version"), pb.ExecutionType(name="step")
    version_type.properties["digest"] = pb.STRING
    for name in ("kind", "settings"):
        step_type.properties[name] = pb.STRING
    version_type_id, step_type_id = store.put_artifact_type(version_type), store.put_execution_type(step_type)

    def written(first, end):
        """One chunk as executions, artifacts and the events between them."""
        executions, artifacts, events = [], [], []
        for number in range(first, end):
            artifact = pb.Artifact(type_id=version_type_id, uri=f"v{number}")
            artifact.properties["digest"].string_value = digest(number).hex()
            execution = pb.Execution(type_id=step_type_id, name=f"s{number}")
            execution.properties["kind"].string_value = steps[number].kind
            execution.properties["settings"].string_value = repr(settings(number))
            artifacts.append(artifact)
            executions.append(execution)
            here = number - first
            events.append((here, here, pb.Event(type=pb.Event.OUTPUT)))
            for source, _ in steps[number].inputs:
                event = pb.Event(type=pb.Event.INPUT)
                if source < first:
                    event.artifact_id = id_of[source]
                events.append((here, source - first if source >= first else None, event))
        _, ids, _ = store.put_lineage_subgraph(executions, artifacts, [], events)
        id_of[first:end] = ids

    def ingest():
        for first in range(0, len(steps), CHUNK):
            written(first, min(len(steps), first + CHUNK))

    figures["ingest steps/s"] = len(steps) / timed(ingest)[1]
    figures["size MB"] = path.stat().st_size / 1e6
    number_of = {identity: number for number, identity in enumerate(id_of)}

    def ask(versions):
        options = pb.LineageSubgraphQueryOptions(max_num_hops=HOPS, direction=pb.LineageSubgraphQueryOptions.UPSTREAM)
        options.starting_artifacts.filter_query = f"id IN ({','.join(str(id_of[one]) for one in versions)})"
        found = store.get_lineage_subgraph(options, ["artifacts", "events", "executions"])
        return {number_of[artifact.id] for artifact in found.artifacts}

    closures("closure ms", lambda clip: ask([clip]))
    parts = [show.clips[first : first + STARTS] for first in range(0, len(show.clips), STARTS)]
    answer, figures["cut s"] = timed(lambda: [ask(part) for part in parts])
    assert answer[0] == set(parts[0]).union(*(show.ancestors(clip) for clip in parts[0]))

finish("mlmd")
